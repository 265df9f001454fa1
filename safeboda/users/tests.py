"""Run with `python manage.py test`."""

from django.core.exceptions import ValidationError
from django.test import TestCase
from rest_framework.test import APITestCase

from .models import Passenger, Rider, User


class UserTests(TestCase):
    def test_a_user_logs_in_by_email(self) -> None:
        User.objects.create_user("aline@example.com", "a-long-pass-phrase")
        self.assertTrue(self.client.login(email="aline@example.com", password="a-long-pass-phrase"))

    def test_an_email_is_needed(self) -> None:
        with self.assertRaises(ValueError):
            User.objects.create_user("")

    def test_a_superuser_may_enter_the_admin_pages(self) -> None:
        self.client.force_login(User.objects.create_superuser("admin@example.com"))
        self.assertEqual(self.client.get("/admin/users/user/add/").status_code, 200)

    def test_the_admin_pages_add_a_user(self) -> None:
        self.client.force_login(User.objects.create_superuser("admin@example.com"))
        form = {"email": "eric@example.com", "user_type": "rider", "usable_password": "false"}
        self.assertEqual(self.client.post("/admin/users/user/add/", form).status_code, 302)
        self.assertEqual(User.objects.get(email="eric@example.com").user_type, "rider")


class ProfileTests(TestCase):
    def test_only_a_passenger_user_becomes_a_passenger(self) -> None:
        rider = User.objects.create_user("eric@example.com", user_type="rider")
        with self.assertRaises(ValidationError):
            Passenger.objects.create(user=rider, passenger_id="P-1")

    def test_only_a_rider_user_becomes_a_rider(self) -> None:
        passenger = User.objects.create_user("aline@example.com")
        with self.assertRaises(ValidationError):
            Rider.objects.create(user=passenger, rider_id="R-1")

    def test_a_passenger_pays_by_mobile_money_unless_told_otherwise(self) -> None:
        user = User.objects.create_user("aline@example.com")
        self.assertEqual(
            Passenger.objects.create(user=user, passenger_id="P-1").preferred_payment_method, "momo"
        )


class UserApiTests(APITestCase):
    def setUp(self) -> None:
        self.user = User.objects.create_user("aline@example.com", first_name="Aline")

    def test_list(self) -> None:
        answer = self.client.get("/api/users/")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual([row["email"] for row in answer.json()], ["aline@example.com"])

    def test_the_password_is_never_shown(self) -> None:
        answer = self.client.get(f"/api/users/{self.user.pk}/")
        self.assertEqual(
            set(answer.json()), {"id", "email", "first_name", "last_name", "phone_number", "user_type"}
        )

    def test_create_makes_a_user_who_cannot_log_in_yet(self) -> None:
        answer = self.client.post("/api/users/", {"email": "eric@example.com", "user_type": "rider"})
        self.assertEqual(answer.status_code, 201)
        self.assertFalse(User.objects.get(email="eric@example.com").has_usable_password())

    def test_a_phone_number_must_look_like_one(self) -> None:
        answer = self.client.post("/api/users/", {"email": "eric@example.com", "phone_number": "call me"})
        self.assertEqual(answer.status_code, 400)
        self.assertIn("phone_number", answer.json())

    def test_change_and_delete(self) -> None:
        address = f"/api/users/{self.user.pk}/"
        self.assertEqual(self.client.patch(address, {"first_name": "Alice"}).json()["first_name"], "Alice")
        self.assertEqual(self.client.delete(address).status_code, 204)
        self.assertEqual(self.client.get(address).status_code, 404)
